"""What a person does in the Manager where no request is documented: one function a visit to a screen.

The menu paths and who may go there: infomaniak.md 1.3 and section 4. `act` and `values` say the deed as data (what
`sandbox perform` does), `text` and `lines` say the same to a person.
"""
