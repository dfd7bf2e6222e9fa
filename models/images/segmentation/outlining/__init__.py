"""Images with what outlines them: masks and boxes."""
