# Runs the steps of a build: `sh ROOT/plan/driver.sh NONCE`. ROOT, wherever it lies, holds plan/ and
# state/. All commands run in one shell, as on AWS (session.sh); where one fails or leaves it, a new
# shell takes up variables, functions, options and folder. Lines that begin with NONCE are for the
# server; all else is the build's log.
root=${0%/plan/driver.sh} nonce=$1 at=
. "$root/plan/table"

mark() { printf '%s %s\n' "$nonce" "$*"; }

# Run the steps FROM to UNTIL; on failure `at` is the step and `status` its exit status.
run() {
  next=$1
  while :; do
    rm -f "$root/state/over"
    $shell "$root/plan/session.sh" "$root" "$nonce" "$next" "$2" "$succeeding"
    status=$?
    [ -e "$root/state/over" ] && return 0
    read -r at <"$root/state/at"
    if [ "$status" -ne 0 ]; then
      mark FAILED "$at" "$status"
      return 1
    fi
    # The command ended the shell with `exit 0`: it succeeded, and the next one follows.
    next=$((at + 1))
  done
}

ask() {
  rm -f "$root/state/answer"
  mark ASK "$@"
  while [ ! -e "$root/state/answer" ]; do sleep 0.05; done
  read -r answer <"$root/state/answer"
}

succeeding=1 result=0 from=1
if [ -n "$keyed" ]; then
  run 0 0 || exit 71
  ask CACHE
fi
while ! run "$from" "$last"; do
  phase_of "$at" || exit 72
  [ "$how" = CONTINUE ] || succeeding=0
  [ "$at" -lt "$finally" ] && [ "$finally" -lt "$end" ] && run "$finally" $((end - 1))
  if [ "$how" = RETRY ]; then
    ask RETRY "$phase"
    if [ "$answer" = yes ]; then
      succeeding=1 from=$begin
      continue
    fi
    how=ABORT
  fi
  mark END "$phase" FAILED
  from=$((end + 1))
  if [ "$how" != CONTINUE ]; then
    result=1
    [ "$how" != ABORT ] && [ "$phase" = build ] || break
  fi
  [ "$from" -le "$last" ] || break
done
run "$told" "$told"
mark OVER "$result"
exit $result
