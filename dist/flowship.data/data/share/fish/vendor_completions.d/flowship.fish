# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_flowship_global_optspecs
    string join \n color= q/quiet v/verbose h/help V/version
end

function __fish_flowship_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_flowship_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_flowship_using_subcommand
    set -l cmd (__fish_flowship_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c flowship -n "__fish_flowship_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_needs_command" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_needs_command" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_needs_command" -s V -l version -d 'Print version'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "export" -d 'Write what runs a Flow'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "check" -d 'Report every mistake of a Flow, and write nothing'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "up" -d 'Start a Flow on this machine with Docker Compose, and wait until it answers'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "down" -d 'Stop a Flow that `up` started'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "ps" -d 'Show how the services of a Flow are that `up` started'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "logs" -d 'Print what the services of a Flow print that `up` started'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "inspect" -d 'Print a Flow as it was understood: every value and every need'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "explain" -d 'Explain a finding by its code, or list all codes'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "man" -d 'Print a manual page'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file a workload'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "docker-compose" -d 'Write a Docker Compose file'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l k8s-namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l mesh -d 'The service mesh of the cluster' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retries -d 'Who tries failed calls again; all others are told not to' -r -f -a "jina\t'The gateway and the heads, as often as the Flow says'
mesh\t'The mesh'
off\t'Nobody'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retry-times -d 'With `--retries mesh`: how often a call is tried again; once where this is not said' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l circuit-breaking -d 'Let the mesh leave out replicas that keep failing'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l require-mtls -d 'Let Executors only accept encrypted calls'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l force -d 'Overwrite files that were edited, that belong to another Flow, or that flowship did not write'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l network_name -d 'The network that all services share' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l force -d 'Overwrite the file if it was edited, belongs to another Flow, or was not written by flowship'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file a workload'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "docker-compose" -d 'Write a Docker Compose file'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l k8s-namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l mesh -d 'The service mesh of the cluster' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retries -d 'Who tries failed calls again; all others are told not to' -r -f -a "jina\t'The gateway and the heads, as often as the Flow says'
mesh\t'The mesh'
off\t'Nobody'"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retry-times -d 'With `--retries mesh`: how often a call is tried again; once where this is not said' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l docker-compose -d 'Check it for Docker Compose instead of Kubernetes'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l circuit-breaking -d 'Let the mesh leave out replicas that keep failing'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l require-mtls -d 'Let Executors only accept encrypted calls'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand up" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand up" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand up" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l network_name -d 'The network that all services share' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand up" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand down" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand down" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand down" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l network_name -d 'The network that all services share' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand down" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand down" -l volumes -d 'Remove the volumes too, and what Executors keep in them'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l network_name -d 'The network that all services share' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l network_name -d 'The network that all services share' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s f -l follow -d 'Go on until they end'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s o -l output -d 'What to print' -r -f -a "text\t'A table'
json\t'The Flow and its graph, as JSON'
yaml\t'The Flow, as YAML that can be exported again'
dot\t'The graph, for Graphviz'
mermaid\t'The graph, for Mermaid'"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l images -d 'A YAML file that maps such names to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l env-file -d 'A file of lines `NAME=VALUE`, read as python-dotenv does, which win over the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l set-context -d 'What stands behind `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l document -d 'Which document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l allow -d 'Drop the findings of a rule' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l deny -d 'Make the findings of a rule errors' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l allow-outside -d 'Read files outside the Flow\'s folder that it refers to'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand man" -s q -l quiet -d 'Show only errors'
complete -c flowship -n "__fish_flowship_using_subcommand man" -s v -l verbose -d 'Show each file as well'
complete -c flowship -n "__fish_flowship_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "export" -d 'Write what runs a Flow'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "check" -d 'Report every mistake of a Flow, and write nothing'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "up" -d 'Start a Flow on this machine with Docker Compose, and wait until it answers'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "down" -d 'Stop a Flow that `up` started'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "ps" -d 'Show how the services of a Flow are that `up` started'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "logs" -d 'Print what the services of a Flow print that `up` started'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "inspect" -d 'Print a Flow as it was understood: every value and every need'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "explain" -d 'Explain a finding by its code, or list all codes'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "completions" -d 'Print the completions of a shell'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "man" -d 'Print a manual page'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check up down ps logs inspect explain completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand help; and __fish_seen_subcommand_from export" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file a workload'
complete -c flowship -n "__fish_flowship_using_subcommand help; and __fish_seen_subcommand_from export" -f -a "docker-compose" -d 'Write a Docker Compose file'
