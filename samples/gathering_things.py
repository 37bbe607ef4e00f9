"""What the gathering world is made of: places, resource nodes, threats and agents."""

import math

HALF = 500.0
REACH = 12.0
HOME_RADIUS = 60.0
SIGHT = 130.0
BAG = {"harvester": 600.0, "explorer": 120.0, "defender": 200.0, "builder": 400.0}


def clamp(value, low, high):
    return low if value < low else high if value > high else value


def distance(a, b):
    dx, dy = a.x - b.x, a.y - b.y
    return math.sqrt(dx * dx + dy * dy)


def seen(agent, things):
    return [thing for thing in things if distance(agent, thing) <= SIGHT]


def nearest(agent, things):
    return min(things, key=lambda thing: distance(agent, thing)) if things else None


class Place:
    """Something with a position; the base and every target of a walk is one."""

    def __init__(self, x, y):
        self.x = round(clamp(x, -HALF, HALF), 3)
        self.y = round(clamp(y, -HALF, HALF), 3)

    def approach(self, target, speed):
        """Moves up to `speed` towards the target and returns the way covered."""
        gap = distance(self, target)
        way = min(speed, gap)
        if gap > 0.0:
            self.x = round(clamp(self.x + (target.x - self.x) / gap * way, -HALF, HALF), 3)
            self.y = round(clamp(self.y + (target.y - self.y) / gap * way, -HALF, HALF), 3)
        return way

    def away_from(self, threat, reach):
        """A place `reach` further from the threat, bent back into the map at its edge."""
        gap = distance(self, threat)
        if gap == 0.0:
            return Place(self.x + reach, self.y)
        x = self.x + (self.x - threat.x) / gap * reach
        y = self.y + (self.y - threat.y) / gap * reach
        return Place(x if abs(x) <= HALF else self.x * 0.5, y if abs(y) <= HALF else self.y * 0.5)


class Node(Place):
    """A resource node: it empties as it is gathered and regrows logistically."""

    def __init__(self, x, y, capacity, growth):
        super().__init__(x, y)
        self.capacity = capacity
        self.growth = growth
        self.amount = capacity

    def regrow(self):
        grown = self.amount + self.growth * self.amount * (1.0 - self.amount / self.capacity) + 0.15
        self.amount = round(min(self.capacity, grown), 4)

    def take(self, wanted):
        taken = round(min(wanted, self.amount), 3)
        self.amount = round(self.amount - taken, 4)
        return taken


class Threat(Place):
    """A predator that patrols around its den, chases what comes near and returns after defeat."""

    def __init__(self, den):
        super().__init__(den.x, den.y)
        self.den = den
        self.goal = den
        self.health = 60.0
        self.away = 0

    def alive(self):
        return self.away == 0


class Agent(Place):
    def __init__(self, number, role, x, y):
        super().__init__(x, y)
        self.name = f"{role}-{number}"
        self.role = role
        self.health = 100.0
        self.energy = 100.0
        self.resources = 0.0
        self.action = "none"
        self.resting = False
        self.heading_home = False
        self.goal = None
        self.down = 0
