"""Work that happens beside the pages: tasks on Huey, kept in a queue that may be lost without loss."""
