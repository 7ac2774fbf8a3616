"""BPMN files: what stands in one (`model`), reading it (`reader`), judging it (`checks`)."""
