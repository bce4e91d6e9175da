// Package webhook receives the deliveries of the service's webhooks.
//
// Deliveries are not signed. A delivery is accepted if its request contains the user's secret, at the end of the path
// or in the header [SecretHeader]. Even an accepted delivery is only a hint: the caller should poll the run that it
// names.
//
//	receiver, err := webhook.New(webhook.Options{Secret: secret})
//	server, err := webhook.Listen(ctx, receiver, webhook.ServerOptions{Address: ":8443", CertFile: cert, KeyFile: key})
//	go server.Serve()
//	defer server.Close(ctx)
//	for {
//		delivery, err := receiver.Next(ctx) // then tell the monitor
//	}
//
// Forged, huge, slow and other unexpected requests change only [Receiver.Counts].
package webhook
