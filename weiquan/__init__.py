"""The domain of Weiquan: complaints of Pinduoduo shoppers, free of Rasa and HTTP."""
