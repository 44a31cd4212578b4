package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/spf13/cobra"
)

// redisCommand is a cache that speaks Redis' protocol and asks for the password in REDIS_PASSWORD, as the platform's does.
func redisCommand() *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:   "argocd-redis",
		Short: "Holds what Argo CD's programs share, in memory",
		RunE: func(command *cobra.Command, _ []string) error {
			cache := miniredis.NewMiniRedis()
			cache.RequireAuth(os.Getenv("REDIS_PASSWORD"))
			if err := cache.StartAddr(address); err != nil {
				return err
			}
			defer cache.Close()
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			second := time.NewTicker(time.Second)
			defer second.Stop()
			for {
				select {
				case <-ctx.Done():
					return nil
				case <-second.C:
					cache.FastForward(time.Second) // its clock stands still by itself, and nothing would ever expire
				}
			}
		},
	}
	command.Flags().StringVar(&address, "address", "127.0.0.1:6379", "where it listens")
	return command
}
