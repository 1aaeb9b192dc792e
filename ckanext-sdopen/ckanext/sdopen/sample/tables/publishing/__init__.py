"""The sample's tables on their way into the portal: made, published, told of while it lasts."""
