"""How reformsim is called: the command line; commands are imported when they run, so that help is quick."""
