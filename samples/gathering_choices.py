"""What the agents of the gathering world decide to do, role by role: an action type and its target."""

from gathering_things import BAG, HOME_RADIUS, REACH, Place, distance, nearest, seen

# How near a threat may come before an agent drops what it is doing.
WARY = {"harvester": 45.0, "explorer": 60.0, "defender": 110.0, "builder": 40.0}


def decide(world, agent):
    if agent.down > 0:
        return "none", None
    threats = seen(agent, [threat for threat in world.threats if threat.alive()])
    threat = nearest(agent, threats)
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
            if agent.energy > 6.0 and 15.0 < distance(agent, world.base) < 250.0:
                return "move", world.base
            return "rest", None
        agent.resting = False
    if world.draw() < 0.03:
        return "none", None
    return CHOICES[agent.role](world, agent)


def deliver(agent, full):
    if agent.resources >= full:
        agent.heading_home = True
    if agent.resources <= 0.0:
        agent.heading_home = False
    return agent.heading_home


def roam(world, agent, centre, width):
    if agent.goal is None or distance(agent, agent.goal) < 15.0:
        agent.goal = Place(centre.x + world.spread(width), centre.y + world.spread(width))
    return "move", agent.goal


def harvester(world, agent):
    if deliver(agent, BAG["harvester"]):
        return "move", world.base
    stocked = [node for node in world.known if node.amount >= 25.0]
    node = nearest(agent, stocked)
    if node is None:
        return roam(world, agent, world.base, 300.0)
    here = nearest(agent, seen(agent, world.known))
    if here is not None and distance(agent, here) <= REACH and here.amount >= 4.0:
        return "gather", here
    return "move", node


def explorer(world, agent):
    if deliver(agent, BAG["explorer"]):
        return "move", world.base
    node = nearest(agent, [n for n in seen(agent, world.nodes) if n.amount >= 40.0])
    if node is not None and distance(agent, node) <= REACH and world.draw() < 0.5:
        return "gather", node
    if agent.goal is None or distance(agent, agent.goal) < 20.0:
        agent.goal = world.somewhere()
        for _ in range(6):
            if world.area(agent.goal) not in world.explored:
                break
            agent.goal = world.somewhere()
    return "move", agent.goal


def defender(world, agent):
    if deliver(agent, 60.0):
        return "move", world.base
    hurt = [a for a in world.agents if a is not agent and a.action == "defend"]
    if hurt:
        return "move", nearest(agent, hurt)
    visible = [threat for threat in world.threats if threat.alive()]
    threat = nearest(agent, visible)
    if threat is not None and agent.energy > 55.0 and distance(agent, threat) < 350.0:
        return "move", threat
    return roam(world, agent, world.base, 160.0)


def builder(world, agent):
    if agent.resources < 5.0:
        if world.store >= 20.0 and distance(agent, world.base) > HOME_RADIUS / 2.0:
            return "move", world.base
        return ("none", None) if world.draw() < 0.4 else roam(world, agent, world.base, 90.0)
    if world.site is None:
        world.site = Place(world.base.x + world.spread(150.0), world.base.y + world.spread(150.0))
        world.site_left = 150.0
    return ("build" if distance(agent, world.site) <= REACH else "move"), world.site


CHOICES = {"harvester": harvester, "explorer": explorer, "defender": defender, "builder": builder}
