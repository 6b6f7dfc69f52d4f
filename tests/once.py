"""What every application of a test process would work out anew, worked out once."""

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule


def compile_templates_once(folder):
    """Keep compiled templates in a folder, for every application of every process."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


def compile_addresses_once():
    """Keep what builds an address: compiling it for 350 rules is most of making an application."""
    compiled, compile_anew = {}, Rule._compile_builder

    def compile_builder(rule, append_unknown=True):
        parts = (*rule._trace, *sorted((rule.defaults or {}).items()), append_unknown)
        if parts not in compiled:
            compiled[parts] = compile_anew(rule, append_unknown)
        return compiled[parts]

    Rule._compile_builder = compile_builder
