"""The assessor's day itself: its clock, the questions asked, the recording; shared by the methods."""
