#!/bin/sh
# Says what to install when Node or npm is missing or too old, before anything else can fail less clearly.
set -eu
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "node or npm is not on PATH: install Node 22 (20.19 at least), then try again" >&2
  exit 4
fi
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) process.exit(0);
  console.error(`node is ${process.versions.node}, must be at least 20.19: install Node 22, then try again`);
  process.exit(4);
'
