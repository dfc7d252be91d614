# The shell that the commands of a build share: `SHELL session.sh ROOT NONCE FROM UNTIL SUCCEEDING`.
# The steps follow below these functions, written for the build. Where the shell is left in the
# middle, it leaves its state for the next.
exec 9>&1
if [ -e "$1/state/variables" ]; then
  . "$1/state/variables" 2>/dev/null
  . "$1/state/exports" 2>/dev/null
  . "$1/state/functions"
  IFS= read -r __cb_folder <"$1/state/folder"
  cd "$__cb_folder" 2>/dev/null || cd "$CODEBUILD_SRC_DIR"
fi
__cb_root=$1 __cb_nonce=$2 __cb_from=$3 __cb_until=$4
export CODEBUILD_BUILD_SUCCEEDING=$5
set --
: "${__cb_flags=}"

__cb_mark() { printf '%s %s\n' "$__cb_nonce" "$*" >&9; }

# Whether a step is to be done; a phase begins and ends by steps of its own.
__cb_at() { [ "$1" -ge "$__cb_from" ] && [ "$1" -le "$__cb_until" ]; }

__cb_before() {
  __cb_at "$1" || return 1
  printf '%s\n' "$1" >|"$__cb_root/state/at"
  __cb_mark COMMAND "$1"
  case $__cb_flags in *u*) set -u ;; esac
  case $__cb_flags in *f*) set -f ;; esac
  case $__cb_flags in *C*) set -C ;; esac
  case $__cb_flags in *a*) set -a ;; esac
  case $__cb_flags in *e*) set -e ;; esac
  case $__cb_flags in *x*) set -x ;; esac
}

__cb_after() {
  __cb_status=$? __cb_flags=$-
  set +aefuxC
  [ $__cb_status -eq 0 ] || __cb_leave
}

# A trap of the build's own on EXIT stays, and takes the place of the one below.
__cb_leave() {
  set +aefuxC
  __cb_left=1
  if [ -n "$BASH_VERSION" ]; then
    { declare -p; shopt -p; } >|"$__cb_root/state/variables"
    : >|"$__cb_root/state/exports"
    { declare -f; set +o; } >|"$__cb_root/state/functions"
  else
    set >|"$__cb_root/state/variables"
    export -p >|"$__cb_root/state/exports"
    : >|"$__cb_root/state/functions"
  fi
  pwd >|"$__cb_root/state/folder"
  exit "$__cb_status"
}
__cb_left=
trap '{ __cb_status=$?; [ -n "$__cb_left" ] || { __cb_flags=$-; __cb_leave; }; } 2>/dev/null' EXIT
