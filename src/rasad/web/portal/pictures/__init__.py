"""What a page looks like where its address is passed on: a title, a sentence and a picture, made of what the page itself shows."""

from rasad.web.portal.pictures.card import Bar, Card
from rasad.web.portal.pictures.cards import card_of, has_card
from rasad.web.portal.pictures.draw import SIZE, Busy, Drawing, png

__all__ = ["SIZE", "Bar", "Busy", "Card", "Drawing", "card_of", "has_card", "png"]
