"""Tables rewritten for the engine that cuts rows."""

from epa.pdf.old_engine_tables import keep_rows_whole


class TestKeepRowsWhole:
    def test_it_makes_one_section_of_a_table(self):
        table = (
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"
        )
        assert keep_rows_whole(table) == "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>"

    def test_it_makes_a_table_per_row_where_columns_have_widths(self):
        columns = '<colgroup><col style="width: 9%"></colgroup>'
        body = "<tbody><tr><td>b</td></tr><tr><td>c</td></tr></tbody>"
        html = f'<p>x</p><table class="k"><caption>t</caption>{columns}<thead><tr><th>a</th></tr></thead>{body}</table><p>y</p>'
        made = keep_rows_whole(html)
        assert made.count('<table class="k" style=') == 2
        assert made.count("<caption>") == 1
        assert made.count(columns) == 2
        assert "<tr><th>a</th></tr><tr><td>b</td></tr></table>" in made
        assert made.startswith("<p>x</p>")
        assert made.endswith("<tr><td>c</td></tr></table><p>y</p>")

    def test_it_keeps_a_table_whose_cells_span_rows(self):
        html = '<table><colgroup></colgroup><tr><td rowspan="2">a</td></tr><tr></tr></table>'
        assert keep_rows_whole(html) == html

    def test_it_leaves_an_empty_table(self):
        html = "<table><colgroup><col></colgroup></table>"
        assert keep_rows_whole(html).count("<table") == 1
