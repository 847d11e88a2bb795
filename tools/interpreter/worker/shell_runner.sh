# sh shell_runner.sh STATE BLOCK: runs the block with the folder, variables and functions that the last one left.
__state=$1 __block=$2
shift 2
if [ -r "$__state" ]; then . "$__state" 2>/dev/null; fi
if [ -n "${BASH_VERSION-}" ]; then
  __show() {
    local __name
    for __name in $(compgen -v); do
      case $__name in
        BASH* | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | HISTCMD | IFS | LINENO | OPTARG | OPTERR | \
          OPTIND | PIPESTATUS | PPID | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID | _ | __*) ;;
        *) declare -p "$__name" ;;
      esac
    done
    declare -f
    printf 'cd -- %q\n' "$PWD"
  }
else
  __show() {
    export -p
    printf "cd -- '%s'\n" "$(pwd | sed "s/'/'\\\\''/g")"
  }
fi
__save() {
  set +eu
  unset IFS
  __show >"$__state.new" 2>/dev/null && mv -f -- "$__state.new" "$__state"
}
trap '{ set +x; } 2>/dev/null; __save' EXIT
. "$__block"
