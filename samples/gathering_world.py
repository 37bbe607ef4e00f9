"""The rules of the gathering world: what agents perceive, what their actions do, and how threats answer."""

import math
import random
from datetime import datetime, timedelta, timezone

from gathering_choices import decide
from gathering_things import (
    BAG,
    HALF,
    HOME_RADIUS,
    REACH,
    SIGHT,
    Agent,
    Node,
    Place,
    Threat,
    clamp,
    distance,
    nearest,
    seen,
)

CELL = 50.0
VIEW = 5
FAR = 10.0
EXPLORED_CELL = 100.0
START = datetime(2026, 1, 1, tzinfo=timezone.utc)

ROLES = ("harvester", "explorer", "defender", "builder")
SPEED = {"harvester": 7.0, "explorer": 11.0, "defender": 9.0, "builder": 7.0}
STRENGTH = {"harvester": 2.0, "explorer": 2.0, "defender": 9.0, "builder": 3.0}
ARMOUR = {"harvester": 1.0, "explorer": 1.0, "defender": 0.45, "builder": 0.9}
STATUS = {
    "move": "active",
    "gather": "active",
    "build": "active",
    "attack": "engaged",
    "defend": "engaged",
    "rest": "sleeping",
    "none": "idle",
}


class World:
    """One episode. `step()` advances every agent once and returns one record per agent."""

    def __init__(self, seed, agents, episode=0, first_step=0, start=START):
        self.draw = random.Random(seed * 1_000_003 + episode).random
        self.episode = episode
        self.clock = first_step
        self.start = start
        self.base = self.somewhere(0.3)
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
            self.agents.append(Agent(number, role, self.base.x + self.spread(40.0), self.base.y + self.spread(40.0)))

    def spread(self, width):
        return (self.draw() * 2.0 - 1.0) * width

    def somewhere(self, share=0.95):
        return Place(self.spread(HALF * share), self.spread(HALF * share))

    def _grow_grove(self):
        centre = self.somewhere(0.85)
        for _ in range(3 + int(self.draw() * 3.0)):
            capacity = round(80.0 + self.draw() * 220.0, 3)
            growth = round(0.004 + self.draw() * 0.008, 5)
            self.nodes.append(Node(centre.x + self.spread(70.0), centre.y + self.spread(70.0), capacity, growth))

    def _den(self):
        den = self.somewhere()
        for _ in range(20):
            if distance(den, self.base) > 200.0:
                break
            den = self.somewhere()
        return den

    # What an agent sees

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
        threats = seen(agent, [threat for threat in self.threats if threat.alive()])
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
            "distance_to_nearest_resource": self._cells_to(agent, nearest(agent, stocked)),
            "distance_to_nearest_threat": self._cells_to(agent, nearest(agent, threats)),
            "distance_to_base": self._cells_to(agent, self.base),
            "allies_in_view": len(seen(agent, allies)),
            "threats_in_view": len(threats),
        }

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

    def area(self, place):
        return math.floor(place.x / EXPLORED_CELL), math.floor(place.y / EXPLORED_CELL)

    def _arrive(self, agent, outcome):
        """What a walk brings: news for an explorer, an emptied or refilled bag at home."""
        reward = 0.0
        for node in self.nodes:
            if node not in self.known and distance(agent, node) < SIGHT:
                self.known.append(node)
                reward += 0.5
        if self.area(agent) not in self.explored:
            self.explored.add(self.area(agent))
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
            prey = nearest(threat, [agent for agent in self.agents if agent.down == 0])
            if prey is not None and distance(threat, prey) <= REACH:
                guard = 0.5 if prey.action == "defend" else 1.0
                damage[prey.name] += round((4.0 + 4.0 * self.draw()) * ARMOUR[prey.role] * guard, 3)
            elif prey is not None and distance(threat, prey) < 120.0 and distance(threat, threat.den) < 320.0:
                threat.approach(prey, 8.5)
            else:
                if distance(threat, threat.goal) < 10.0 or distance(threat, threat.den) >= 320.0:
                    threat.goal = Place(threat.den.x + self.spread(170.0), threat.den.y + self.spread(170.0))
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
            action, target = decide(self, agent)
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
