"""What copies CKAN, scheming, dcat or activity, or knows their insides; see docs/developing.md."""
