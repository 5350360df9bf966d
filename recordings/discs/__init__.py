"""Discs (刻录): sets of encrypted recordings that become destroyable together, on media that anybody can check without us.

media        what fits on which medium
states       the life of one disc, in one table
sets         which recordings go together, and what fits on each disc of a set
bag          what stands on a disc (BagIt, RFC 8493), as paths and bytes; catalogue and pages in it: listing.py
bagging      writes a bag to a folder, container by container; validating.py reads one as somebody who trusts nobody would
image        a folder becomes an ISO 9660 image, the same bytes for the same input; extents.py says where each file lies in it
mark         which copy a disc is, behind its image
burner       an image onto a medium and back; drive.py speaks to xorriso
comparing    what was read back, against the image and file by file
schedule     which discs are to be read again, and when
rows         their lines as values
tables       sets, images, discs, their items, signatures, checks, and steps that somebody asked for
store        reads them; `bears` for certificates
register     every step, each with its entry in the log; forgetting.py shows that a disc cannot be read any more
wishes       steps that take long, as somebody asked for them
workroom     what the work is done with; making.py makes images, works.py burns and reads back, one at a time
opening      the workroom of the settings
label        labels and the register, to print
"""
