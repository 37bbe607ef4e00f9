#!/usr/bin/env python3
"""A small multi-agent gathering world that speaks Engram's default feature schema.

Harvesters fill their bags at resource nodes and carry them home, explorers uncover the map, defenders
hunt the threats that prey on everybody, builders turn what was brought home into structures. Every
step of every agent is one line of JSON that can be sent to POST /v1/spaces/{space}/memories as it is:
the state before the action, the action with its outcome, and the reward.

The same seed gives the same bytes on every machine: the standard library's Mersenne Twister is drawn
through random() only, and the arithmetic is limited to operations that IEEE 754 rounds exactly (no
trigonometry), so neither the Python version nor the C library can shift a digit.

    python3 samples/gathering.py --seed 7 --steps 500 --agents 8 --out gathering.ndjson.gz
"""

import argparse
import gzip
import io
import json
import math
import random
import sys
from datetime import datetime, timedelta, timezone

FORMAT_VERSION = 1
HALF = 500.0
CELL = 50.0
VIEW = 5
FAR = 10.0
REACH = 12.0
HOME_RADIUS = 60.0
SIGHT = 130.0
EXPLORED_CELL = 100.0
START = datetime(2026, 1, 1, tzinfo=timezone.utc)

ROLES = ("harvester", "explorer", "defender", "builder")
SPEED = {"harvester": 7.0, "explorer": 11.0, "defender": 9.0, "builder": 7.0}
BAG = {"harvester": 600.0, "explorer": 120.0, "defender": 200.0, "builder": 400.0}
STRENGTH = {"harvester": 2.0, "explorer": 2.0, "defender": 9.0, "builder": 3.0}
ARMOUR = {"harvester": 1.0, "explorer": 1.0, "defender": 0.45, "builder": 0.9}
# How near a threat may come before an agent drops what it is doing.
WARY = {"harvester": 45.0, "explorer": 60.0, "defender": 110.0, "builder": 40.0}
STATUS = {
    "move": "active",
    "gather": "active",
    "build": "active",
    "attack": "engaged",
    "defend": "engaged",
    "rest": "sleeping",
    "none": "idle",
}


def clamp(value, low, high):
    return low if value < low else high if value > high else value


def distance(a, b):
    dx, dy = a.x - b.x, a.y - b.y
    return math.sqrt(dx * dx + dy * dy)


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


class World:
    """One episode. `step()` advances every agent once and returns one record per agent."""

    def __init__(self, seed, agents, episode=0, first_step=0, start=START):
        self.draw = random.Random(seed * 1_000_003 + episode).random
        self.episode = episode
        self.clock = first_step
        self.start = start
        self.base = self._somewhere(0.3)
        self.store = 100.0
        self.structures = 0
        self.site = None
        self.site_left = 0.0
        self.explored = set()
        self.nodes = []
        for _ in range(6):
            self._grow_grove()
        self.known = [node for node in self.nodes if distance(node, self.base) < 300.0]
        self.threats = [Threat(self._den()) for _ in range(7)]
        self.agents = []
        for index in range(agents):
            role = ROLES[index % len(ROLES)]
            number = index // len(ROLES)
            self.agents.append(
                Agent(number, role, self.base.x + self._spread(40.0), self.base.y + self._spread(40.0))
            )

    def _spread(self, width):
        return (self.draw() * 2.0 - 1.0) * width

    def _somewhere(self, share=0.95):
        return Place(self._spread(HALF * share), self._spread(HALF * share))

    def _grow_grove(self):
        centre = self._somewhere(0.85)
        for _ in range(3 + int(self.draw() * 3.0)):
            capacity = round(80.0 + self.draw() * 220.0, 3)
            growth = round(0.004 + self.draw() * 0.008, 5)
            self.nodes.append(
                Node(centre.x + self._spread(70.0), centre.y + self._spread(70.0), capacity, growth)
            )

    def _den(self):
        den = self._somewhere()
        for _ in range(20):
            if distance(den, self.base) > 200.0:
                break
            den = self._somewhere()
        return den

    # What an agent sees

    def _seen(self, agent, things):
        return [thing for thing in things if distance(agent, thing) <= SIGHT]

    def _nearest(self, agent, things):
        return min(things, key=lambda thing: distance(agent, thing)) if things else None

    def _cells_to(self, agent, thing):
        return FAR if thing is None else round(min(FAR, distance(agent, thing) / CELL), 3)

    def perceive(self, agent):
        """A 5×5 view, 50 units a cell, north first: 0 empty, up to 0.5 resources, 0.75 ally, 1 threat."""
        grid = [[0.0] * VIEW for _ in range(VIEW)]

        def mark(thing, value):
            column = math.floor((thing.x - agent.x) / CELL + 0.5) + VIEW // 2
            row = VIEW // 2 - math.floor((thing.y - agent.y) / CELL + 0.5)
            if 0 <= column < VIEW and 0 <= row < VIEW:
                grid[row][column] = max(grid[row][column], value)

        for node in self.nodes:
            mark(node, round(0.5 * node.amount / 300.0, 2))
        for other in self.agents:
            if other is not agent:
                mark(other, 0.75)
        for threat in self.threats:
            if threat.alive():
                mark(threat, 1.0)
        return grid

    def state(self, agent):
        threats = self._seen(agent, [threat for threat in self.threats if threat.alive()])
        allies = [other for other in self.agents if other is not agent]
        stocked = [node for node in self.nodes if node.amount >= 5.0]
        return {
            "health": round(agent.health, 2),
            "energy": round(agent.energy, 2),
            "resources": round(agent.resources, 2),
            "x_position": round(agent.x, 2),
            "y_position": round(agent.y, 2),
            "agent_type": agent.role,
            "status": STATUS[agent.action],
            "current_action": agent.action,
            "perception": {"grid": self.perceive(agent)},
            "distance_to_nearest_resource": self._cells_to(agent, self._nearest(agent, stocked)),
            "distance_to_nearest_threat": self._cells_to(agent, self._nearest(agent, threats)),
            "distance_to_base": self._cells_to(agent, self.base),
            "allies_in_view": len(self._seen(agent, allies)),
            "threats_in_view": len(threats),
        }

    # What an agent decides: (action_type, target)

    def decide(self, agent):
        if agent.down > 0:
            return "none", None
        threats = self._seen(agent, [threat for threat in self.threats if threat.alive()])
        threat = self._nearest(agent, threats)
        near = threat is not None and distance(agent, threat) < WARY[agent.role]
        if near:
            agent.resting = False
            if agent.role == "defender" and agent.health > 30.0 and agent.energy > 5.0:
                return ("attack" if distance(agent, threat) <= REACH else "move"), threat
            if distance(agent, threat) <= REACH:
                return "defend", threat
            return "move", agent.away_from(threat, 60.0)
        if agent.energy < 18.0 or agent.health < 30.0:
            agent.resting = True
        if agent.resting:
            if agent.energy < 92.0 or agent.health < 75.0:
                if agent.energy > 6.0 and 15.0 < distance(agent, self.base) < 250.0:
                    return "move", self.base
                return "rest", None
            agent.resting = False
        if self.draw() < 0.03:
            return "none", None
        return getattr(self, "_decide_" + agent.role)(agent)

    def _deliver(self, agent, full):
        if agent.resources >= full:
            agent.heading_home = True
        if agent.resources <= 0.0:
            agent.heading_home = False
        return agent.heading_home

    def _roam(self, agent, centre, width):
        if agent.goal is None or distance(agent, agent.goal) < 15.0:
            agent.goal = Place(centre.x + self._spread(width), centre.y + self._spread(width))
        return "move", agent.goal

    def _decide_harvester(self, agent):
        if self._deliver(agent, BAG["harvester"]):
            return "move", self.base
        stocked = [node for node in self.known if node.amount >= 25.0]
        node = self._nearest(agent, stocked)
        if node is None:
            return self._roam(agent, self.base, 300.0)
        here = self._nearest(agent, self._seen(agent, self.known))
        if here is not None and distance(agent, here) <= REACH and here.amount >= 4.0:
            return "gather", here
        return "move", node

    def _decide_explorer(self, agent):
        if self._deliver(agent, BAG["explorer"]):
            return "move", self.base
        node = self._nearest(agent, [n for n in self._seen(agent, self.nodes) if n.amount >= 40.0])
        if node is not None and distance(agent, node) <= REACH and self.draw() < 0.5:
            return "gather", node
        if agent.goal is None or distance(agent, agent.goal) < 20.0:
            agent.goal = self._somewhere()
            for _ in range(6):
                if self._area(agent.goal) not in self.explored:
                    break
                agent.goal = self._somewhere()
        return "move", agent.goal

    def _decide_defender(self, agent):
        if self._deliver(agent, 60.0):
            return "move", self.base
        hurt = [a for a in self.agents if a is not agent and a.action == "defend"]
        if hurt:
            return "move", self._nearest(agent, hurt)
        visible = [threat for threat in self.threats if threat.alive()]
        threat = self._nearest(agent, visible)
        if threat is not None and agent.energy > 55.0 and distance(agent, threat) < 350.0:
            return "move", threat
        return self._roam(agent, self.base, 160.0)

    def _decide_builder(self, agent):
        if agent.resources < 5.0:
            if self.store >= 20.0 and distance(agent, self.base) > HOME_RADIUS / 2.0:
                return "move", self.base
            return ("none", None) if self.draw() < 0.4 else self._roam(agent, self.base, 90.0)
        if self.site is None:
            self.site = Place(self.base.x + self._spread(150.0), self.base.y + self._spread(150.0))
            self.site_left = 150.0
        return ("build" if distance(agent, self.site) <= REACH else "move"), self.site

    # What happens

    def _act(self, agent, action, target):
        """Carries an action out; returns its parameters, its outcome and the reward."""
        params, outcome, reward = {}, {"success": True}, -0.01
        if target is not None:
            params = {"x": round(target.x, 1), "y": round(target.y, 1)}
        if action == "move":
            way = agent.approach(target, SPEED[agent.role] * (0.5 if agent.energy <= 1.0 else 1.0))
            agent.energy -= 0.03 * way * (1.0 + 0.5 * agent.resources / BAG[agent.role])
            outcome["distance"] = round(way, 2)
            reward += self._arrive(agent, outcome)
        elif action == "gather":
            rate = 9.0 if agent.role == "harvester" else 3.0
            taken = target.take(min(rate, BAG[agent.role] - agent.resources, 1.0 + 0.15 * target.amount))
            agent.resources += taken
            agent.energy -= 0.45
            outcome["gathered"] = round(taken, 2)
            outcome["success"] = taken > 0.0
            reward += 0.03 * taken
        elif action == "attack":
            damage = round(STRENGTH[agent.role] * (0.7 + 0.6 * self.draw()), 3)
            target.health -= damage
            agent.energy -= 0.9
            outcome["damage"] = round(damage, 2)
            reward += 0.05 * damage
            if target.health <= 0.0:
                target.away = 80 + int(self.draw() * 80.0)
                agent.resources = min(BAG[agent.role], agent.resources + 30.0)
                outcome["defeated"] = 1
                reward += 5.0
        elif action == "defend":
            target.health -= 0.5
            agent.energy -= 0.5
        elif action == "build":
            spent = min(6.0, agent.resources, self.site_left)
            agent.resources -= spent
            agent.energy -= 0.6
            self.site_left -= spent
            outcome["spent"] = round(spent, 2)
            reward += 0.04 * spent
            if self.site_left <= 0.0:
                self.site = None
                self.structures += 1
                outcome["completed"] = 1
                reward += 5.0
        elif action == "rest":
            home = distance(agent, self.base) < HOME_RADIUS
            agent.energy += 2.6 if home else 1.5
            agent.health += 0.5 + (0.1 * min(self.structures, 10) if home else 0.0)
        else:
            agent.energy -= 0.08
        return params, outcome, reward

    def _area(self, place):
        return math.floor(place.x / EXPLORED_CELL), math.floor(place.y / EXPLORED_CELL)

    def _arrive(self, agent, outcome):
        """What a walk brings: news for an explorer, an emptied or refilled bag at home."""
        reward = 0.0
        for node in self.nodes:
            if node not in self.known and distance(agent, node) < SIGHT:
                self.known.append(node)
                reward += 0.5
        if self._area(agent) not in self.explored:
            self.explored.add(self._area(agent))
            reward += 1.0 if agent.role == "explorer" else 0.1
        if distance(agent, self.base) < HOME_RADIUS / 2.0:
            if agent.role == "builder" and agent.resources < 5.0 and self.store >= 20.0:
                taken = round(min(BAG["builder"], self.store), 3)
                self.store -= taken
                agent.resources += taken
                outcome["taken"] = round(taken, 2)
            elif agent.role != "builder" and agent.heading_home:
                self.store += agent.resources
                outcome["delivered"] = round(agent.resources, 2)
                reward += 0.01 * agent.resources
                agent.resources = 0.0
        return reward

    def _threats_move(self):
        """Threats chase, bite and heal; returns the damage each agent took."""
        damage = {agent.name: 0.0 for agent in self.agents}
        for threat in self.threats:
            if threat.away > 0:
                threat.away -= 1
                if threat.away == 0:
                    threat.health, threat.x, threat.y = 60.0, threat.den.x, threat.den.y
                continue
            threat.health = min(60.0, threat.health + 0.2)
            prey = self._nearest(threat, [agent for agent in self.agents if agent.down == 0])
            if prey is not None and distance(threat, prey) <= REACH:
                guard = 0.5 if prey.action == "defend" else 1.0
                damage[prey.name] += round((4.0 + 4.0 * self.draw()) * ARMOUR[prey.role] * guard, 3)
            elif prey is not None and distance(threat, prey) < 120.0 and distance(threat, threat.den) < 320.0:
                threat.approach(prey, 8.5)
            else:
                if distance(threat, threat.goal) < 10.0 or distance(threat, threat.den) >= 320.0:
                    threat.goal = Place(threat.den.x + self._spread(170.0), threat.den.y + self._spread(170.0))
                threat.approach(threat.goal, 4.0)
        return damage

    def _settle(self, agent, damage):
        """Wounds, fainting and recovery; returns the reward they bring."""
        if agent.down > 0:
            agent.down -= 1
            if agent.down == 0:
                agent.health, agent.energy = 60.0, max(agent.energy, 40.0)
                agent.x, agent.y = self.base.x, self.base.y
            return 0.0
        agent.health = round(clamp(agent.health - damage + 0.02, 0.0, 100.0), 3)
        agent.energy = round(clamp(agent.energy, 0.0, 100.0), 3)
        agent.resources = round(clamp(agent.resources, 0.0, 1000.0), 3)
        if agent.health > 0.0:
            return -0.1 * damage
        agent.down = 12
        agent.resources = round(agent.resources * 0.5, 3)
        agent.goal, agent.resting, agent.heading_home = None, False, False
        return -0.1 * damage - 10.0

    def step(self):
        for node in self.nodes:
            node.regrow()
        time = (self.start + timedelta(seconds=self.clock)).strftime("%Y-%m-%dT%H:%M:%SZ")
        records = []
        for agent in self.agents:
            state = self.state(agent)
            action, target = self.decide(agent)
            params, outcome, reward = self._act(agent, action, target)
            agent.action = action
            records.append(
                {
                    "agent": agent.name,
                    "kind": "state",
                    "step": self.clock,
                    "time": time,
                    "state": state,
                    "action": {"action_type": action, "action_params": params, "outcome": outcome},
                    "reward": reward,
                    "tags": {"episode": str(self.episode), "world": "gathering"},
                }
            )
        damage = self._threats_move()
        for agent, record in zip(self.agents, records):
            hit = damage[agent.name]
            if hit > 0.0:
                record["action"]["outcome"]["hurt"] = round(hit, 2)
            record["reward"] = round(record["reward"] + self._settle(agent, hit), 3)
        self.clock += 1
        return records


def line(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def lines(seed, steps, agents, episodes):
    """The whole recording, line by line: a header, then one memory per agent and step."""
    yield line(
        {
            "recording": "gathering",
            "formatVersion": FORMAT_VERSION,
            "seed": seed,
            "steps": steps,
            "agents": agents,
            "episodes": episodes,
            "records": steps * agents * episodes,
        }
    )
    for episode in range(episodes):
        world = World(seed, agents, episode, episode * steps)
        for _ in range(steps):
            for record in world.step():
                yield line(record)


def write(path, content):
    """Writes lines to a file, gzip when its name says so (without a time stamp), or to stdout for '-'."""
    if path == "-":
        for text in content:
            sys.stdout.write(text + "\n")
        return
    with open(path, "wb") as raw:
        if not path.endswith(".gz"):
            raw.writelines((text + "\n").encode() for text in content)
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
            with io.BufferedWriter(packed, 1 << 20) as buffer:
                for text in content:
                    buffer.write((text + "\n").encode())


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Record episodes of the gathering world as NDJSON.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=positive, default=500, help="steps per episode")
    parser.add_argument("--agents", type=positive, default=8)
    parser.add_argument("--episodes", type=positive, default=1)
    parser.add_argument("--out", default="-", help="file.ndjson, file.ndjson.gz or - for standard output")
    chosen = parser.parse_args(arguments)
    write(chosen.out, lines(chosen.seed, chosen.steps, chosen.agents, chosen.episodes))


if __name__ == "__main__":
    main()
