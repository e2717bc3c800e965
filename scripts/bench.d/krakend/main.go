// The engine of KrakenD, the open-source gateway, with its cache of backends' answers: what
// github.com/krakend/krakend-ce puts its plugins, telemetry and policies around. Built from the
// engine's own modules, since that needs a compiler only and not the whole product; without those
// layers it is at least as fast as the product is, so what is said of it errs in its favour.
//
// The argument is a file of settings in the format of KrakenD.
package main

import (
	"context"
	"log"
	"os"

	"github.com/krakend/krakend-httpcache/v2"
	"github.com/luraproject/lura/v2/config"
	"github.com/luraproject/lura/v2/logging"
	"github.com/luraproject/lura/v2/proxy"
	"github.com/luraproject/lura/v2/router/gin"
	"github.com/luraproject/lura/v2/transport/http/client"
	"github.com/luraproject/lura/v2/transport/http/server"
)

func main() {
	settings, err := config.NewParser().Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	logger, err := logging.NewLogger("ERROR", os.Stdout, "")
	if err != nil {
		log.Fatal(err)
	}
	// As the product makes it; the engine's own default would log each request.
	engine := gin.NewEngine(settings, gin.EngineOptions{Logger: logger, Writer: os.Stdout})
	gin.NewFactory(gin.Config{
		Engine:         engine,
		HandlerFactory: gin.EndpointHandler,
		ProxyFactory:   proxy.NewDefaultFactory(backend, logger),
		Logger:         logger,
		RunServer:      server.RunServer,
	}).NewWithContext(context.Background()).Run(settings)
}

// A backend with the cache where its settings have one, as the product makes it.
func backend(settings *config.Backend) proxy.Proxy {
	clients := httpcache.NewHTTPClient(settings, client.NewHTTPClient)
	return proxy.NewHTTPProxy(settings, clients, settings.Decoder)
}
