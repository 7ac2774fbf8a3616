"""Is reformsim right? Systems whose answer is known, and parts that must agree with each other.

| file | question |
|---|---|
| ``theory`` | do queues wait as their formulas say? |
| ``agreement`` | do the forms of the kernel give one log, and does another engine accept it? |
| ``critical`` | is a case without chance and without queues as long as the longest path? |
| ``building`` | the small models that these are asked with |

`reformsim verify` and the tests call the same functions.
"""
