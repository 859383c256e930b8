"""Messengers on the conversation service: Telegram by its Bot API, WhatsApp and SMS by Twilio. Each is off until it is set up."""
