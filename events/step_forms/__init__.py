"""The forms of the steps by which an organizer proposes an event. They check shapes; `eligibility` judges."""
