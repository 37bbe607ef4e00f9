"""Tests of what writes RESULTS.md. Run with: python3 -m unittest discover benchmarks/tests"""

import re
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCHMARKS))

import report  # noqa: E402


class ReportTest(unittest.TestCase):
    def test_what_people_have_written_is_in_the_report(self):
        with tempfile.TemporaryDirectory() as directory, redirect_stderr(StringIO()):
            report.main([directory])
            written = (Path(directory) / "RESULTS.md").read_text()
        for note in (BENCHMARKS / "notes").glob("*.md"):
            self.assertIn(note.read_text().strip(), written)

    def test_headings_that_other_documents_link_to_are_there(self):
        anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
                   for heading in re.findall(r"^#+ (.+)$", (BENCHMARKS / "RESULTS.md").read_text(), re.MULTILINE)}
        for document in (BENCHMARKS.parent / "docs").glob("*.md"):
            for anchor in re.findall(r"RESULTS\.md#([a-z0-9-]+)", document.read_text()):
                self.assertIn(anchor, anchors, document)

    def test_a_missed_target_is_marked(self):
        self.assertEqual("yes", report.at_most("x", 5, 5.0)[3])
        self.assertEqual("**no**", report.at_most("x", 5, 5.1)[3])
        self.assertEqual("yes", report.at_least("x", 0.98, 0.98)[3])
        self.assertEqual("**no**", report.at_least("x", 0.98, 0.97)[3])


if __name__ == "__main__":
    unittest.main()
