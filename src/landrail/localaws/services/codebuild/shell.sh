# One command of a build, `bash shell.sh ROOT FILE`: takes up the state, runs, leaves the state.
__root=$1 __file=$2 __succeeding=$CODEBUILD_BUILD_SUCCEEDING
if [ -e "$__root/state/variables" ]; then
  __keep_root=$__root __keep_file=$__file __keep_succeeding=$__succeeding
  . "$__root/state/variables" 2>/dev/null
  __root=$__keep_root __file=$__keep_file __succeeding=$__keep_succeeding
  . "$__root/state/functions"
  cd "$(cat "$__root/state/folder")" 2>/dev/null || cd "$CODEBUILD_SRC_DIR"
fi
export CODEBUILD_BUILD_SUCCEEDING=$__succeeding
__leave() {
  local status=$?
  unset __keep_root __keep_file __keep_succeeding
  { set +o; } >"$__root/state/options.new" && mv "$__root/state/options.new" "$__root/state/options"
  set +eux
  declare -f >"$__root/state/functions"
  pwd >"$__root/state/folder"
  (exit $status)
}
trap '__leave; __status=$?; declare -p >"$__root/state/variables"; exit $__status' EXIT
[ -e "$__root/state/options" ] && . "$__root/state/options"
. "$__file"
