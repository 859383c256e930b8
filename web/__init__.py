"""The gateway: the only public process. Chat for any client, the page, the calculator over HTTP."""
