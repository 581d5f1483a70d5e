"""Papers for the door of an activity: the sheet that is signed, and badges with their QR codes."""
