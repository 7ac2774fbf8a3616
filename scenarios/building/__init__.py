"""From a valid scenario to simulation models: one file per part of the model, all findings collected."""
