"""Addresses of one's ledger."""

from django.urls import path

from school.ledger import views

app_name = "ledger"
urlpatterns = [path("me/", views.mine, name="mine")]
