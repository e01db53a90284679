// The real `argocd-cmp-server`, and a caller of it that does as `argocd-repo-server` does.
//
//	argocd-plugin server --config-dir-path FOLDER
//	argocd-plugin call SOCKET REPOSITORY APPLICATION NAME=VALUE...
//
// `call` prints `{"supported": …, "manifests": […]}`, or the error that the application would show.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

func main() {
	var err error
	switch os.Args[1] {
	case "server":
		server := commands.NewCommand()
		server.SetArgs(os.Args[2:])
		err = server.Execute()
	case "call":
		err = call(os.Args[2], os.Args[3], os.Args[4], os.Args[5:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func call(socket, repository, application string, variables []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	closer, client, err := apiclient.NewConfigManagementPluginClientSet(socket).NewConfigManagementPluginClient()
	if err != nil {
		return err
	}
	defer closer.Close()
	match, err := client.MatchRepository(ctx)
	if err != nil {
		return err
	}
	if err := cmp.SendRepoStream(ctx, application, repository, match, variables, nil); err != nil {
		return err
	}
	matched, err := match.CloseAndRecv()
	if err != nil {
		return err
	}
	if !matched.IsSupported {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"supported": false, "manifests": []string{}})
	}
	generate, err := client.GenerateManifest(ctx)
	if err != nil {
		return err
	}
	if err := cmp.SendRepoStream(ctx, application, repository, generate, variables, nil); err != nil {
		return err
	}
	generated, err := generate.CloseAndRecv()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"supported": matched.IsSupported, "manifests": generated.Manifests})
}
