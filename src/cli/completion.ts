import { Fault } from "../domain/fault.ts";
import type { ExitCode } from "./exit.ts";
import { COMPLETE } from "./leaf.ts";
import { show, type Shell } from "./shell.ts";

/** `pullbeat completion <shell>`: the script; what can be completed is asked of pullbeat itself at every key. */
export async function completion(shell: Shell, [name = ""]: readonly string[]): Promise<ExitCode> {
  const script = SCRIPTS[name];
  if (script === undefined)
    throw new Fault("usage", `there is no completion for ${name}`, {
      expected: `one of ${Object.keys(SCRIPTS).join(", ")}`,
      next: "pullbeat completion --help",
    });
  show(shell, { shell: name, script }, () => script.trimEnd().split("\n"), "raw");
  return 0;
}

const BASH = String.raw`# pullbeat in bash: put this where bash-completion looks, or load it from ~/.bashrc.
_pullbeat() {
  local kind="" found
  COMPREPLY=()
  while IFS= read -r found; do
    if [[ -z $kind ]]; then kind=$found; else COMPREPLY+=("$found"); fi
  done < <("$1" ${COMPLETE} line "$COMP_WORDBREAKS" "${"${COMP_LINE:0:COMP_POINT}"}" 2>/dev/null)
  if [[ $kind == files ]]; then compopt -o default -o filenames 2>/dev/null; fi
}
complete -F _pullbeat pullbeat
`;

const ZSH = String.raw`#compdef pullbeat
# pullbeat in zsh: save this as _pullbeat in a folder of $fpath, or load it from ~/.zshrc behind compinit.
_pullbeat() {
  local kind="" line
  local -a found
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; continue; fi
    found+=("${"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}"}")
  done < <("${"${(Q)words[1]}"}" ${COMPLETE} words "${"${(@Q)words[2,CURRENT]}"}" 2>/dev/null)
  if [[ $kind == files ]]; then _files; else _describe -V pullbeat found; fi
}
if [[ $funcstack[1] == _pullbeat ]]; then _pullbeat "$@"; else compdef _pullbeat pullbeat; fi
`;

const FISH = String.raw`# pullbeat in fish: save this as ~/.config/fish/completions/pullbeat.fish
function __pullbeat
  set -l words (commandline -opc)
  set -l found ($words[1] ${COMPLETE} words $words[2..-1] (commandline -ct) 2>/dev/null)
  if test "$found[1]" = files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\n' $found[2..-1]
  end
end
complete -c pullbeat -k -f -a '(__pullbeat)'
`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
