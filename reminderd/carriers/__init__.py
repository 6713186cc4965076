"""Facts about carriers, each with its source and the day it was checked."""
