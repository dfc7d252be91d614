# Runs the phases of a build: `bash ROOT/plan/driver.sh NONCE`. ROOT, wherever it lies, holds plan/
# (one folder a phase, with commands/, finally/ and on_failure) and state/. Each command runs in a shell that takes up the
# variables, functions and folder the one before left. Lines that begin with NONCE are for the
# server; all else is the build's log.
root=${0%/plan/driver.sh} nonce=$1
mark() { printf '%s %s\n' "$nonce" "$*"; }

one() {
  mark COMMAND "$1"
  bash --noprofile --norc "$root/plan/shell.sh" "$root" "$root/plan/$1"
}

all() {
  local file status=0
  for file in "$root/plan/$1/$2"/*; do
    [ -e "$file" ] || continue
    one "$1/$2/${file##*/}"
    status=$?
    if [ $status -ne 0 ]; then
      mark FAILED "$1/$2/${file##*/}" "$status"
      break
    fi
  done
  return $status
}

phase() {
  local status last
  mark START "$1"
  all "$1" commands
  status=$?
  all "$1" finally
  last=$?
  [ $status -eq 0 ] && status=$last
  mark END "$1" "$status"
  return $status
}

result=0
export CODEBUILD_BUILD_SUCCEEDING=1
for name in install pre_build build post_build; do
  # Every phase is written, also one without commands: what is not there was lost, and a build that
  # ran nothing must not succeed.
  [ -d "$root/plan/$name/commands" ] || { echo "the plan of the phase $name is not there"; exit 70; }
  phase "$name" && continue
  how=$(cat "$root/plan/$name/on_failure")
  [ "$how" = CONTINUE ] && continue
  result=1
  CODEBUILD_BUILD_SUCCEEDING=0
  [ "$how" = ABORT ] && break
  [ "$name" = build ] || break
done
one exported
exit $result
