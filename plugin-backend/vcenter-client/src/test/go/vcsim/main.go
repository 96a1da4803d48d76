// Starts govmomi's simulator of a vCenter on a free port of the loopback device, prints its address, and ends with its
// standard input, so that it does not outlive the test that started it.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/url"
	"os"

	"github.com/vmware/govmomi/simulator"
)

func main() {
	model := simulator.VPX()
	// It says 6.5 of itself, whatever it can.
	model.ServiceContent.About.ApiVersion = "8.0.2.0"
	defer model.Remove()
	if err := model.Create(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(os.Getenv("VCSIM_USER"), os.Getenv("VCSIM_PASSWORD"))}
	model.Service.TLS = new(tls.Config)
	server := model.Service.NewServer()
	defer server.Close()
	fmt.Printf("https://%s/sdk\n", server.URL.Host)
	io.Copy(io.Discard, os.Stdin)
}
