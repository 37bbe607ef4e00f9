"""What the demo prints: headings, progress bars and tables, on a terminal and in a log file alike."""

import os
import shutil
import sys
import time

DOING = {
    "move": "walking",
    "gather": "gathering",
    "attack": "attacking",
    "defend": "defending",
    "build": "building",
    "rest": "resting",
    "none": "idle",
}


def sentence(state, who=None):
    """A state in one line, at most about seventy characters."""
    words = [f"{who or state.get('agent_type') or 'agent'} {DOING.get(state.get('current_action'), 'idle')}"]
    for name, label in (("health", "health"), ("energy", "energy"), ("resources", "carries")):
        if name in state:
            words.append(f"{label} {state[name]:.0f}")
    if "x_position" in state and "y_position" in state:
        words.append(f"({state['x_position']:.0f}, {state['y_position']:.0f})")
    threats = round(state.get("threats_in_view") or 0)
    if threats:
        words.append(f"{threats} threat{'s' if threats > 1 else ''}")
    return ", ".join(words)


def milliseconds(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000.0


def figure(value, digits=4):
    return "–" if value is None else f"{value:.{digits}f}"


class Screen:
    """Writes to standard output. On a terminal a bar is redrawn in place; elsewhere it becomes a few plain lines."""

    def __init__(self, plain=False):
        self.out = sys.stdout
        self.live = self.out.isatty() and os.environ.get("TERM") != "dumb" and not plain
        self.colour = self.live and "NO_COLOR" not in os.environ
        unicode = (self.out.encoding or "").lower().replace("-", "") == "utf8"
        self.out.reconfigure(errors="replace")
        self.full, self.empty = ("█", "░") if unicode else ("#", "-")
        self.chapter = 0
        self.pending = False

    def _paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.colour else text

    def bold(self, text):
        return self._paint("1", text)

    def dim(self, text):
        return self._paint("2", text)

    def green(self, text):
        return self._paint("32", text)

    def red(self, text):
        return self._paint("31", text)

    def _write(self, text):
        self.out.write(text)
        self.out.flush()

    def line(self, text=""):
        if self.pending:
            self._write("\n")
            self.pending = False
        self._write(text + "\n")

    def say(self, text):
        self.line("   " + text)

    def heading(self, title, remark=""):
        self.chapter += 1
        self.line()
        self.line(self.bold(f"{self.chapter}  {title}") + (self.dim("  " + remark) if remark else ""))

    def bar(self, total):
        return Bar(self, total)

    def table(self, head, rows):
        """Right-aligned columns except for the first; widths count characters."""
        cells = [[str(cell) for cell in row] for row in [head, *rows]]
        widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
        for number, row in enumerate(cells):
            text = "  ".join(
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths))
            ).rstrip()
            self.say(self.dim(text) if number == 0 else text)


class Bar:
    """A progress bar, redrawn ten times a second on a terminal; in a log a line each quarter or twenty seconds."""

    WIDTH = 24

    def __init__(self, screen, total):
        self.screen = screen
        self.total = max(1, total)
        self.drawn = time.monotonic()
        self.quarter = 0

    def show(self, done, text):
        share = min(1.0, done / self.total)
        now = time.monotonic()
        if self.screen.live:
            if now - self.drawn >= 0.1 or share >= 1.0:
                self.drawn = now
                self._redraw(share, text)
        elif int(share * 4) > self.quarter or now - self.drawn >= 20.0:
            self.quarter, self.drawn = int(share * 4), now
            self.screen.say(f"{round(share * 100):3d} %  {text}")

    def _redraw(self, share, text):
        filled = round(share * self.WIDTH)
        blocks = self.screen.full * filled + self.screen.empty * (self.WIDTH - filled)
        room = shutil.get_terminal_size().columns - self.WIDTH - 12
        self.screen._write(f"\r\033[K   {self.screen.green(blocks)} {round(share * 100):3d} %  {text[:room]}")
        self.screen.pending = True

    def done(self, text):
        """Replaces the bar by its result."""
        if self.screen.live:
            self.screen._write("\r\033[K")
            self.screen.pending = False
        self.screen.say(text)
