"""差评的回访和整改, by the counter."""

from onething.services.followup import ratings
from onething.services.followup.schemas import RatingFollowUpRequest
from onething.web.cases.counter_acts import counter_act, counter_router

router = counter_router()
counter_act(router, "contact_after_rating", ratings.contact, RatingFollowUpRequest)
counter_act(router, "rectify_after_rating", ratings.rectify, RatingFollowUpRequest)
