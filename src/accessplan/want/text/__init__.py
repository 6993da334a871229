"""Edits in the text of a document: what is to change does, and every other byte of it stays.

The text is cut at the positions that libyaml gives, and never written anew: ruamel.yaml would lay lines out again that
nobody touched, and takes half a minute a megabyte. What comes out is read once more: it must say what the document
said before, but for the one edit.
"""
