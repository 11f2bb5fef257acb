#!/bin/sh
# Makes the app package for Teams:  docs/teams-app/pack.sh <Microsoft App Id> <company> <https://website>
set -eu
usage() { echo "usage: $0 <Microsoft App Id> <company> <https://website>" >&2; exit 2; }
[ $# -eq 3 ] || usage
printf '%s' "$1" | grep -Eiq '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' || { echo "The Microsoft App Id is a GUID like 11111111-2222-3333-4444-555555555555; this is not one: $1" >&2; exit 2; }
case $3 in https://?*) ;; *) echo "The website starts with https:// ; this does not: $3" >&2; exit 2 ;; esac
[ "$(printf '%s' "$2" | wc -m)" -le 32 ] || { echo "Teams shows at most 32 characters of a company's name." >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
out=$(pwd)/microappbot-teams.zip
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What stands between slashes of sed, and inside quotes of JSON
escaped() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/[\\&|]/\\&/g'; }
sed -e "s|{{APP_ID}}|$(escaped "$1")|g" -e "s|{{COMPANY}}|$(escaped "$2")|g" -e "s|{{WEBSITE}}|$(escaped "$3")|g" "$here/manifest.json" > "$work/manifest.json"
cp "$here/color.png" "$here/outline.png" "$work"
rm -f "$out"
if command -v zip > /dev/null; then (cd "$work" && zip -q "$out" manifest.json color.png outline.png)
elif command -v python3 > /dev/null; then (cd "$work" && python3 -m zipfile -c "$out" manifest.json color.png outline.png)
else (cd "$work" && tar -a -cf "$out" manifest.json color.png outline.png); fi
echo "$out"
