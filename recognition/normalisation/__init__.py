"""Makes one distance mean the same for every face: score normalisation without a stored cohort."""
