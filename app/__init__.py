"""How reformsim is called: the command line. Commands are imported only when they run, so that help is quick."""
