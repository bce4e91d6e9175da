// Package webhook receives the deliveries of the service's webhooks.
//
// Deliveries are not signed. A delivery is accepted if its request has the secret that the user chose, as the end of its path or
// in the header [SecretHeader]. Even then its body is only a hint: the run that it names is worth a poll now.
//
//	receiver, err := webhook.New(webhook.Options{Secret: secret})
//	server, err := webhook.Listen(ctx, receiver, webhook.ServerOptions{Address: ":8443", CertFile: cert, KeyFile: key})
//	go server.Serve()
//	defer server.Close(ctx)
//	for {
//		delivery, err := receiver.Next(ctx) // then tell the monitor
//	}
//
// Anything else that arrives, such as forged, huge or slow requests, changes only [Receiver.Counts].
package webhook
