"""Quality: calls scored by forms, chosen by nobody, compared between raters, contested by agents. What the plan says is data.

scoring      a form and its answers: points by section, critical errors by family (pure)
agreement    how far two raters agree: p_o, kappa, AC1 (pure)
intervals    what a share of few contacts says, how many are needed (pure)
sampling     which calls, by a seed that nobody can steer (pure)
months       KPI months, and who goes to training (pure)
hearing      how much of a call a rater has heard (pure)
frame        what a sample is drawn from, as it was when its checkpoint was signed
tables, scores, samples, calibration, appeals, heard, training, trained, results, forgetting     the same kept, asked for, forgotten
"""
