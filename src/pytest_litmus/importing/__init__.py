"""Importing: logged calls, complaints and failed calls made into quarantined cases of a suite."""
