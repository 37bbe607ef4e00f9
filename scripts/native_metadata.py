"""Writes the reachability metadata of the native binary from what the tracing agent of GraalVM saw.

usage: native_metadata.py TRACES JARS TARGET

TRACES  a directory that holds directories with a reachability-metadata.json of the agent
JARS    the directory of the libraries of the packaged application
TARGET  the file to write

The agent sees everything that any library does by reflection; Quarkus and most libraries bring their own metadata. What is
kept is what these rules name: libraries without metadata of their own, and what their native code calls in Java.
"""

import json
import pathlib
import sys
import zipfile

# Libraries that bring no metadata, or none that is enough.
LIBRARIES = ("ai.djl.", "ai.onnxruntime.", "com.sun.jna.", "dev.langchain4j.", "org.apache.lucene.")

# Classes that native code looks up in Java; the agent marks them.
NATIVE_CODE_USES = ("java.lang.", "java.nio.", "java.util.", "org.slf4j.")

# Only a JVM has these.
ABSENT = ("org.apache.lucene.internal.vectorization.",)

# Providers that a ServiceLoader makes, which Quarkus switches off in images.
SERVICES = ("META-INF/services/org.apache.lucene.", "META-INF/services/ai.djl.engine.EngineProvider")

# What native code makes only when something goes wrong, so that no trace has it.
ON_FAILURE = {
    "ai.onnxruntime.OrtException": ["int", "java.lang.String"],
    "ai.djl.engine.EngineException": ["java.lang.String"],
}

# Files that are read from the class path. The native libraries of one platform are named in pom.xml.
RESOURCES = [
    "META-INF/services/ai.djl.engine.EngineProvider",
    "META-INF/services/org.apache.lucene.*",
    "engram/encoder/*.bin",
    "engram/memory/redis/*.lua",
    "native/lib/*.properties",
    "pytorch-engine.properties",
    "tokenizers-engine.properties",
]


def traced(directory):
    for file in sorted(pathlib.Path(directory).glob("*/reachability-metadata.json")):
        yield json.loads(file.read_text())


def is_kept(entry):
    name = entry["type"]
    if not isinstance(name, str) or name.startswith(ABSENT):
        return False
    return name.startswith(LIBRARIES) or (entry.get("jniAccessible", False) and (
        name.startswith(NATIVE_CODE_USES) or "." not in name))


def merge(known, entry):
    """Adds the entry of one type to what is known of it."""
    if entry.get("jniAccessible"):
        known["jniAccessible"] = True
    for kind in ("methods", "fields"):
        members = {json.dumps(member, sort_keys=True) for member in known.get(kind, []) + entry.get(kind, [])}
        if members:
            known[kind] = [json.loads(member) for member in sorted(members)]


def reflection(traces, jars):
    types = {}

    def add(entry):
        merge(types.setdefault(entry["type"], {"type": entry["type"]}), entry)

    for trace in traces:
        for entry in trace.get("reflection", []):
            if is_kept(entry):
                add(entry)
    for provider in providers(jars):
        add({"type": provider, "methods": [{"name": "<init>", "parameterTypes": []}]})
    for name, parameters in ON_FAILURE.items():
        add({"type": name, "jniAccessible": True, "methods": [{"name": "<init>", "parameterTypes": parameters}]})
    return [types[name] for name in sorted(types)]


def providers(jars):
    for jar in sorted(pathlib.Path(jars).glob("*.jar")):
        with zipfile.ZipFile(jar) as content:
            for name in content.namelist():
                if name.startswith(SERVICES):
                    lines = content.read(name).decode().splitlines()
                    yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))


def downcalls(traces):
    """What Lucene calls in the C library; products of matrices are called by their address in an image."""
    seen = {json.dumps(call, sort_keys=True) for trace in traces for call in trace.get("foreign", {}).get("downcalls", [])}
    return [call for call in map(json.loads, sorted(seen)) if len(call["parameterTypes"]) in (0, 3)]


def main(traces_directory, jars, target):
    traces = list(traced(traces_directory))
    if not traces:
        sys.exit(f"native_metadata: {traces_directory} holds no trace")
    metadata = {
        "reflection": reflection(traces, jars),
        "resources": [{"glob": glob} for glob in RESOURCES],
        "foreign": {"downcalls": downcalls(traces)},
    }
    pathlib.Path(target).write_text(json.dumps(metadata, indent=1) + "\n")
    print(f"{len(metadata['reflection'])} types, {len(metadata['resources'])} resources")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
