# Lines as zsh completes them, by its own editor on a terminal.
# usage: zsh -f complete.zsh FOLDER <LINES: FOLDER has _quench
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -D -u; report() { print -r -- \"<\$BUFFER>\"; BUFFER=; }
zle -N report; bindkey '^X' report; bindkey '^I' complete-word; print REA''DY"
zpty -r shell out '*READY*'
while IFS= read -r line; do
    zpty -w -n shell "$line"$'\t\x18'
    zpty -r shell out '*<*>*'
    print -r -- "${${out##*<}%%>*}"
done
zpty -d shell
