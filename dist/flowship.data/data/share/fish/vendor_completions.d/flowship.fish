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

complete -c flowship -n "__fish_flowship_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_needs_command" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_needs_command" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_needs_command" -s V -l version -d 'Print version'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "export" -d 'Export a Flow to Kubernetes or Docker Compose'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "check" -d 'Report every mistake of Flows; `--fix` corrects those with a safe fix'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "apply" -d 'Apply a Flow to a cluster, wait until it is up, and delete what is left over'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "diff" -d 'Show what `apply` would change, field by field'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "status" -d 'Show the state of a Flow on a cluster, or of all Flows'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "delete" -d 'Delete a Flow from a cluster; claims and namespaces stay'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "doctor" -d 'Show what a cluster has, and what a Flow needs'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "rbac" -d 'Print the Role that `apply` needs for a Flow'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "up" -d 'Start a Flow on this machine with Docker Compose, and wait until it answers'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "down" -d 'Stop a Flow that `up` started'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "ps" -d 'Show the state of the services that `up` started'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "logs" -d 'Print the logs of a Flow: of the services that `up` started, or else of its Pods'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "krm" -d 'Generate the manifests of a Flow for kustomize, which runs this command'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "inspect" -d 'Print a Flow with all values and needs resolved'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "config" -d 'Show the effective settings and their sources'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "schema" -d 'Print the JSON Schema of a kind of file, for editors'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "explain" -d 'Explain a finding by its code, or list all codes'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "man" -d 'Print a manual page'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "version" -d 'Print the version'
complete -c flowship -n "__fish_flowship_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file for each workload'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "docker-compose" -d 'Write a Docker Compose file'
complete -c flowship -n "__fish_flowship_using_subcommand export; and not __fish_seen_subcommand_from kubernetes docker-compose help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s o -l output -d 'What to write, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l force -d 'Overwrite files that were edited, that belong to another Flow, or that flowship did not write'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l dry-run -d 'Show what would be written and removed, without writing'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -l check -d 'Write nothing; exit with 1 if the output is not what the Flow says, and print where'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from kubernetes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s o -l output -d 'What to write, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l force -d 'Overwrite files that were edited, that belong to another Flow, or that flowship did not write'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l dry-run -d 'Show what would be written and removed, without writing'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -l check -d 'Write nothing; exit with 1 if the output is not what the Flow says, and print where'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from docker-compose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file for each workload'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "docker-compose" -d 'Write a Docker Compose file'
complete -c flowship -n "__fish_flowship_using_subcommand export; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s f -l file -d 'A file, a folder or a glob, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand check" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand check" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand check" -l skip-others -d 'Skip files that are not Flows, even if they are named'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l fix -d 'Apply the safe fixes, and report what is left'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l unsafe-fixes -d 'Also apply fixes that may change the meaning of the Flow'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l diff -d 'Show what `--fix` would change, and write nothing'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l docker-compose -d 'Check for Docker Compose instead of Kubernetes'
complete -c flowship -n "__fish_flowship_using_subcommand check" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l plan -d 'Apply a plan that `flowship diff FLOW -o FILE` saved, instead of a Flow' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l prune -d 'Whether to delete objects that are no longer part of the Flow, after everything is up' -r -f -a "yes\t'Delete it'
no\t'Keep it, and name it'
ask\t'Ask on the terminal'"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l moved-from -d 'The Flow that this one replaces, because it got another name or namespace: it is deleted after everything is up' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l wait -d 'Whether to wait until everything is up. Without waiting, nothing that is left over is deleted before it is replaced: pass `--prune=no` as well if requests matter' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l timeout -d 'The time for everything: `90s`, `10m`, `1h`' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l adopt -d 'Take over objects that belong to another Flow or to no Flow, such as those of `jina export`'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l force-conflicts -d 'Take over fields that another program set to another value'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l recreate -d 'Replace objects whose fields cannot be changed, then their Pods one after the other'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l dry-run -d 'Let the API server check everything, show what would change, and change nothing'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l prune -d 'Whether to delete objects that are no longer part of the Flow, after everything is up' -r -f -a "yes\t'Delete it'
no\t'Keep it, and name it'
ask\t'Ask on the terminal'"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l moved-from -d 'The Flow that this one replaces, because it got another name or namespace: it is deleted after everything is up' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s o -l output -d '`text`, `json`, or a file in which the plan is saved for `apply --plan`. The file contains the values of variables' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l adopt -d 'Take over objects that belong to another Flow or to no Flow, such as those of `jina export`'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l force-conflicts -d 'Take over fields that another program set to another value'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l recreate -d 'Replace objects whose fields cannot be changed, then their Pods one after the other'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand status" -s o -l output -d 'What to print' -r -f -a "text\t'A table'
wide\t'A table with images, revisions, restarts and proxies'
json\t'All details, as JSON'
yaml\t'All details, as YAML'"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand status" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand status" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand status" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand status" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand status" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand status" -s A -l all-namespaces -d 'All Flows of all namespaces'
complete -c flowship -n "__fish_flowship_using_subcommand status" -s w -l watch -d 'Show the state again each time that it changes'
complete -c flowship -n "__fish_flowship_using_subcommand status" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand status" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand status" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l wait -d 'Whether to wait until the Pods are gone' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l timeout -d 'The time for everything: `90s`, `10m`, `1h`' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l dry-run -d 'Show what would be deleted, and delete nothing'
complete -c flowship -n "__fish_flowship_using_subcommand delete" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand delete" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand delete" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand rbac" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand up" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand up" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand up" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand up" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand up" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand up" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand up" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand down" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand down" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand down" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand down" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand down" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand down" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand down" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand down" -l volumes -d 'Also remove the volumes and the data in them'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand ps" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand ps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s n -l tail -d 'Only the last lines of each service: a number, or `all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l since -d 'Only lines since a time (`2026-01-31T12:00:00`), or of the last `10m`' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l namespace -l k8s-namespace -d 'Of the Flow in this namespace of a cluster' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l kubeconfig -d 'The kubeconfig [default: `KUBECONFIG`, `~/.kube/config`, or the `ServiceAccount` of this Pod]' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l context -d 'The context of the kubeconfig [default: its current one]' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s p -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s f -l follow -d 'Print new lines as they come, until the containers end'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand krm" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand krm" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand krm" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand krm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s f -l file -d 'The Flow\'s file, as an option' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s o -l output -d 'What to print' -r -f -a "text\t'A table'
json\t'The Flow and its graph, as JSON'
yaml\t'The Flow, as YAML that can be exported again'
dot\t'The graph, for Graphviz'
mermaid\t'The graph, for Mermaid'"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand config" -l image -d 'The image for an Executor\'s name, `gateway`, or a value of `uses` as written. The environment variable `JINA_GATEWAY_IMAGE` sets the one for gateways and heads' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l images -d 'A YAML file that maps names, as for `--image`, to images' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand config" -l env-file -d 'An env file with lines `NAME=VALUE`, in the syntax of python-dotenv; it overrides the environment' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand config" -l set-context -d 'Value of `${{ CONTEXT.NAME }}` and `${{ NAME }}`' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l document -d 'The document of the file to read, counted from 1' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l allow-outside -d 'Allow the Flow to refer to files outside its folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l format -d 'The format of findings; `check` writes them to stdout, other commands to stderr' -r -f -a "full\t'For people: the lines of the file with the findings drawn below them'
concise\t'A line for each finding'
json\t'A list of findings, as JSON'
github\t'Annotations of GitHub Actions, errors first'
gitlab\t'A Code Quality report of GitLab'
sarif\t'A SARIF 2.1.0 log, for code scanning'
junit\t'A JUnit report, as CI servers read it'"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l allow -d 'Drop the findings of rules' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l warn -d 'Make the findings of rules warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l deny -d 'Make the findings of rules errors; `warnings` for all warnings' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l profile -d 'A profile of `flowship.toml`, which overrides its other settings' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -s n -l k8s-namespace -l namespace -d 'The namespace; by default the Flow\'s name, or `default`' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l gpu-all -d 'The number of GPUs for `gpus: all`' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l cluster -d 'What spot machines, shared GPUs, storage and Prometheus are on the cluster: `aks`, `eks`, `gke`, or a file' -r -F
complete -c flowship -n "__fish_flowship_using_subcommand config" -l pod-security -d 'The level of Pod Security that Pods must meet' -r -f -a "baseline\t''
restricted\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l namespace-object -d 'Also write the Namespace, with the labels of the mesh and of Pod Security' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l kustomize -d 'Also write a `Kustomization`, with which overlays of Kustomize can use the folder' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l without -d 'Leave out what flowship writes by default, by its name in the Kubernetes API' -r -f -a "PodDisruptionBudget\t''
automountServiceAccountToken\t''
enableServiceLinks\t''
preStop\t''
strategy\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l mesh -d 'The service mesh of the cluster [default: linkerd]' -r -f -a "linkerd\t''
istio\t''
istio-ambient\t''
none\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l retries -d 'The layer that retries failed calls; retries of all others are off [default: jina]' -r -f -a "jina\t'The gateway and the heads, as set by `retries` in the Flow'
mesh\t'The mesh'
off\t'No layer'"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l retry -d 'With `--retries mesh`: an endpoint whose calls may run twice, such as `/search`' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l retry-times -d 'With `--retries mesh`: the maximum number of retries of a call [default: 1]' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l circuit-breaking -d 'Stop sending calls to replicas that keep failing' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l require-mtls -d 'Require encrypted calls to Executors (mTLS)' -r -f -a "true\t''
false\t''"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l network-name -d 'The network that all services share [default: jina-network]' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l project-name -d 'The Compose project; by default `COMPOSE_PROJECT_NAME`, or the name of the Flow\'s folder' -r
complete -c flowship -n "__fish_flowship_using_subcommand config" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand config" -l no-config -d 'Do not read `flowship.toml`'
complete -c flowship -n "__fish_flowship_using_subcommand config" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand config" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand schema" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand schema" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand schema" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand man" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand man" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand version" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c flowship -n "__fish_flowship_using_subcommand version" -s q -l quiet -d 'Show only errors, and which files are removed or overwritten'
complete -c flowship -n "__fish_flowship_using_subcommand version" -s v -l verbose -d 'Show each file that is written'
complete -c flowship -n "__fish_flowship_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "export" -d 'Export a Flow to Kubernetes or Docker Compose'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "check" -d 'Report every mistake of Flows; `--fix` corrects those with a safe fix'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "apply" -d 'Apply a Flow to a cluster, wait until it is up, and delete what is left over'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "diff" -d 'Show what `apply` would change, field by field'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "status" -d 'Show the state of a Flow on a cluster, or of all Flows'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "delete" -d 'Delete a Flow from a cluster; claims and namespaces stay'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "doctor" -d 'Show what a cluster has, and what a Flow needs'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "rbac" -d 'Print the Role that `apply` needs for a Flow'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "up" -d 'Start a Flow on this machine with Docker Compose, and wait until it answers'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "down" -d 'Stop a Flow that `up` started'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "ps" -d 'Show the state of the services that `up` started'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "logs" -d 'Print the logs of a Flow: of the services that `up` started, or else of its Pods'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "krm" -d 'Generate the manifests of a Flow for kustomize, which runs this command'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "inspect" -d 'Print a Flow with all values and needs resolved'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "config" -d 'Show the effective settings and their sources'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "schema" -d 'Print the JSON Schema of a kind of file, for editors'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "explain" -d 'Explain a finding by its code, or list all codes'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "completions" -d 'Print the completions of a shell'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "man" -d 'Print a manual page'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "version" -d 'Print the version'
complete -c flowship -n "__fish_flowship_using_subcommand help; and not __fish_seen_subcommand_from export check apply diff status delete doctor rbac up down ps logs krm inspect config schema explain completions man version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flowship -n "__fish_flowship_using_subcommand help; and __fish_seen_subcommand_from export" -f -a "kubernetes" -d 'Write Kubernetes manifests, one file for each workload'
complete -c flowship -n "__fish_flowship_using_subcommand help; and __fish_seen_subcommand_from export" -f -a "docker-compose" -d 'Write a Docker Compose file'
