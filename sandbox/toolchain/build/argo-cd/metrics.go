package main

import (
	"strings"

	log "github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
)

// noPort is a port at which nothing can listen.
const noPort = "-1"

// withoutMetrics lets the application controller be run with --metrics-port=-1. It listens for whoever asks for its metrics
// on every address of the machine, and no flag keeps it on loopback; that it then cannot listen would end it.
func withoutMetrics(command func() *cobra.Command) func() *cobra.Command {
	return func() *cobra.Command {
		log.AddHook(unheard{})
		return command()
	}
}

// unheard stops the goroutine that would end the program because it cannot listen at noPort.
type unheard struct{}

func (unheard) Levels() []log.Level { return []log.Level{log.FatalLevel} }

func (unheard) Fire(entry *log.Entry) error {
	if strings.Contains(entry.Message, "address "+noPort+": invalid port") {
		select {}
	}
	return nil
}
