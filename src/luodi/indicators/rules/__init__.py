"""What counts when: pure rules over the rows of one subject, resolved once into intervals of transaction time."""
